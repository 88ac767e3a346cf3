import { useState } from 'preact/hooks';
import { Check, Copy } from 'lucide-preact';

const SHOWN_MS = 1_500;

/** Puts a text on the clipboard, and says that it has. @param what names the text for people who do not see the symbol */
export function CopyButton({
  text,
  what,
  label,
}: {
  text: string | (() => string);
  what: string;
  label?: string;
}) {
  const [copied, setCopied] = useState(false);
  const Symbol = copied ? Check : Copy;
  return (
    <button
      type="button"
      class="button quiet small"
      aria-label={copied ? `Copied ${what}` : `Copy ${what}`}
      onClick={() => {
        void navigator.clipboard.writeText(typeof text === 'string' ? text : text()).then(() => {
          setCopied(true);
          setTimeout(() => {
            setCopied(false);
          }, SHOWN_MS);
        });
      }}
    >
      <Symbol size={14} aria-hidden="true" /> {label}
    </button>
  );
}
