import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'wouter-preact';
import { BASE } from '../../base';
import { Dialog } from '../../ui/dialog';
import { useToasts } from '../../ui/toasts';

/**
 * Asks before a link leaves a page with changes that are not saved, or its tab is closed. The browser's way back cannot be asked
 * about: then it says that they are kept.
 */
export function LeaveGuard({ onDiscard }: { onDiscard: () => void }) {
  const [, navigate] = useLocation();
  const { tell } = useToasts();
  const [wanted, setWanted] = useState<string>();
  useEffect(() => {
    const onClick = (event: MouseEvent) => {
      const target = linkLeftBy(event);
      if (target === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      setWanted(target);
    };
    const onUnload = (event: BeforeUnloadEvent) => {
      event.preventDefault();
    };
    const onBack = () => {
      tell('Your changes are not saved. They are kept in this tab, and there again when you come back.');
    };
    document.addEventListener('click', onClick, { capture: true });
    // Before the page is gone.
    window.addEventListener('popstate', onBack, { capture: true });
    window.addEventListener('beforeunload', onUnload);
    return () => {
      document.removeEventListener('click', onClick, { capture: true });
      window.removeEventListener('popstate', onBack, { capture: true });
      window.removeEventListener('beforeunload', onUnload);
    };
  }, [tell]);
  if (wanted === undefined) return null;
  const stay = () => {
    setWanted(undefined);
  };
  return (
    <Dialog
      title="Leave with unsaved changes?"
      onClose={stay}
      foot={
        <>
          <button
            type="button"
            class="button danger"
            onClick={() => {
              onDiscard();
              navigate(wanted);
            }}
          >
            Discard them
          </button>
          <button
            type="button"
            class="button"
            onClick={() => {
              navigate(wanted);
            }}
          >
            Leave, and keep them here
          </button>
          <button type="button" class="button primary" onClick={stay}>
            Stay
          </button>
        </>
      }
    >
      <p>Changes that are kept stay in this tab: they are there again when you come back to this page.</p>
    </Dialog>
  );
}

/** Where a click leads within the dashboard; undefined when it leads nowhere else. */
function linkLeftBy(event: MouseEvent): string | undefined {
  if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)
    return undefined;
  const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
  if (!(link instanceof HTMLAnchorElement) || link.target === '_blank') return undefined;
  const { origin, pathname, search } = new URL(link.href);
  if (origin !== window.location.origin || pathname === window.location.pathname) return undefined;
  return `${pathname.slice(BASE.length)}${search}`;
}
