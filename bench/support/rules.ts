/** The type of event that a rule of `steps` steps listens to. */
export function chainEvent(id: string, steps: number) {
  return { id, type: `bench.steps-${steps}`, data: { id } };
}

/** A rule of that many steps, which call the receiver: a document as people write it. */
export function chainRule(receiverUrl: string, steps: number, more: object = {}) {
  const step = (nth: number) => ({
    id: `step-${nth}`,
    action: 'call_webhook',
    url: `${receiverUrl}/${nth === steps ? 'last' : 'step'}`,
  });
  return {
    id: `steps-${steps}`,
    name: `Steps ${steps}`,
    owner: { email: 'ada@example.com' },
    event: { type: `bench.steps-${steps}` },
    steps: Array.from({ length: steps }, (_, place) => step(place + 1)),
    ...more,
  };
}
