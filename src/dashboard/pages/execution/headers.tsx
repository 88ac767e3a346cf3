/** Headers, closed until somebody wants them. Values may be anything a receiver sends: they are text. */
export function Headers({ headers }: { headers: Record<string, string> }) {
  const entries = Object.entries(headers);
  if (entries.length === 0) return null;
  return (
    <details class="headers">
      <summary>
        {entries.length} {entries.length === 1 ? 'header' : 'headers'}
      </summary>
      <dl class="mono">
        {entries.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd class="break">{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
