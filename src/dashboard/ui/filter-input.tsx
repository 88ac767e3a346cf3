import { Search } from 'lucide-preact';
import { useEffect, useState } from 'preact/hooks';

const TYPING_MS = 300;

/** An input that filters a list, once somebody has stopped typing. */
export function FilterInput({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
}) {
  const [text, setText] = useState(value);
  useEffect(() => {
    setText(value);
  }, [value]);
  useEffect(() => {
    if (text.trim() === value) return undefined;
    const timer = setTimeout(() => {
      onChange(text.trim());
    }, TYPING_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [text, value, onChange]);
  return (
    <div class="search">
      <Search size={16} aria-hidden="true" />
      <input
        class="input"
        type="search"
        aria-label={label}
        placeholder={label}
        spellcheck={false}
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
        }}
      />
    </div>
  );
}
