import '../styles/fields.css';
import { CopyButton } from './copy-button';
import { Dialog } from './dialog';

/** Shows what is never shown again. @param what it is, as within a sentence, e.g. "the key" */
export function SecretOnce({
  title,
  what,
  secret,
  onClose,
}: {
  title: string;
  what: string;
  secret: string;
  onClose: () => void;
}) {
  return (
    <Dialog
      title={title}
      onClose={onClose}
      foot={
        <button type="button" class="button primary" onClick={onClose}>
          I have kept it
        </button>
      }
    >
      <p class="note warn">Copy {what} now: it is shown this once, and never again.</p>
      <div class="secret">
        <code class="grow break">{secret}</code>
        <CopyButton text={secret} what={what} label="Copy" />
      </div>
    </Dialog>
  );
}
