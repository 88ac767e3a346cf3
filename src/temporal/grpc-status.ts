import { isGrpcServiceError } from '@temporalio/client';

/** The gRPC status codes that something is decided on. */
export const GRPC_STATUS = {
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  FAILED_PRECONDITION: 9,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAUTHENTICATED: 16,
} as const;

/** The gRPC status code of an error; `undefined` for any other error. */
export function grpcStatusOf(error: unknown): number | undefined {
  return isGrpcServiceError(error) ? error.code : undefined;
}

/** Whether the server will not do this for us, however often we ask: not allowed, or not part of this server. */
export function isRefusal(error: unknown): boolean {
  const status = grpcStatusOf(error);
  return status === GRPC_STATUS.UNIMPLEMENTED || isDenial(error);
}

/** Whether the credentials do not allow it. */
export function isDenial(error: unknown): boolean {
  const status = grpcStatusOf(error);
  return status === GRPC_STATUS.PERMISSION_DENIED || status === GRPC_STATUS.UNAUTHENTICATED;
}
