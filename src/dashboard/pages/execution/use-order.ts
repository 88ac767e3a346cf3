import { useMutation, useQueryClient } from '@tanstack/preact-query';
import { useLocation } from 'wouter-preact';
import { orderExecution, type ExecutionOrder } from '../../api/executions';
import { useToasts } from '../../ui/toasts';

/** What each order says once it is carried out. */
const DONE: Record<ExecutionOrder, string> = {
  retry: 'The next attempt is being made.',
  pause: 'Paused.',
  resume: 'Resumed.',
  cancel: 'Cancelled.',
  restart: 'Restarted as a new execution.',
};

/** Carries out what somebody orders for an execution, says so, and leads to the execution that it has restarted. */
export function useOrder(id: string) {
  const [, navigate] = useLocation();
  const queries = useQueryClient();
  const { tell, tellOf } = useToasts();
  return useMutation({
    mutationFn: ({ order, body }: { order: ExecutionOrder; body?: object }) =>
      orderExecution(id, order, body),
    onSuccess: ({ restarted_as: restartedAs }, { order }) => {
      tell(DONE[order]);
      if (restartedAs !== undefined) navigate(`/executions/${restartedAs}`);
    },
    onError: tellOf,
    onSettled: () => queries.invalidateQueries({ queryKey: ['execution', id] }),
  });
}
