import { useMutation, useQueryClient } from '@tanstack/preact-query';
import { useToasts } from './toasts';

/**
 * Something that is changed over the API. What it touches is read again, also when it was refused: then what is shown may be
 * out of date.
 *
 * @param touches first parts of the keys of what is read again
 * @param told what people are told once it is done
 * @param showsError whether the caller shows by itself what went wrong
 */
export function useChange<Given, Answer>({
  change,
  touches,
  told,
  showsError = false,
  onDone,
}: {
  change: (given: Given) => Promise<Answer>;
  touches: readonly (readonly string[])[];
  told?: string;
  showsError?: boolean;
  onDone?: (answer: Answer) => void;
}) {
  const queries = useQueryClient();
  const { tell, tellOf } = useToasts();
  return useMutation({
    mutationFn: change,
    onSuccess: (answer) => {
      if (told !== undefined) tell(told);
      onDone?.(answer);
    },
    onError: (error) => {
      if (!showsError) tellOf(error);
    },
    onSettled: () => Promise.all(touches.map((queryKey) => queries.invalidateQueries({ queryKey }))),
  });
}
