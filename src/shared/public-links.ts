/** The dashboard's page of an execution. @param publicUrl where people open the service, without a slash at its end */
export function executionPage(publicUrl: string, executionId: string): string {
  return `${publicUrl}/executions/${encodeURIComponent(executionId)}`;
}

/** The dashboard's list of executions. @param filter as in a query of the API */
export function executionsPage(publicUrl: string, filter: Record<string, string>): string {
  return `${publicUrl}/executions?${new URLSearchParams(filter).toString()}`;
}

/** The page that asks whether executions are to be restarted. @param token that proves who may; as good as a key */
export function retryPage(publicUrl: string, token: string): string {
  return `${publicUrl}/retry/${token}`;
}
