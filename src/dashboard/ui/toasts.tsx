import { createContext, type ComponentChildren } from 'preact';
import { useCallback, useContext, useRef, useState } from 'preact/hooks';
import { X } from 'lucide-preact';
import { messageOf } from '../api/problem';

interface Toast {
  id: number;
  text: string;
  isBad: boolean;
}

interface Toasts {
  /** Says what was done. */
  tell: (text: string) => void;
  /** Says what could not be done; stays until it is closed. */
  tellOf: (error: unknown) => void;
}

const GOOD_STAYS_MS = 5_000;

const Context = createContext<Toasts>({ tell: () => undefined, tellOf: () => undefined });

export function useToasts(): Toasts {
  return useContext(Context);
}

export function ToastProvider({ children }: { children: ComponentChildren }) {
  const [toasts, setToasts] = useState<Toast[]>([]);
  const next = useRef(0);
  const close = useCallback((id: number) => {
    setToasts((all) => all.filter((toast) => toast.id !== id));
  }, []);
  const add = useCallback(
    (text: string, isBad: boolean) => {
      const id = next.current++;
      setToasts((all) => [...all.slice(-3), { id, text, isBad }]);
      if (!isBad) {
        setTimeout(() => {
          close(id);
        }, GOOD_STAYS_MS);
      }
    },
    [close],
  );
  const [value] = useState<Toasts>(() => ({
    tell: (text) => {
      add(text, false);
    },
    tellOf: (error) => {
      add(messageOf(error), true);
    },
  }));
  return (
    <Context.Provider value={value}>
      {children}
      <div class="toasts" role="status" aria-live="polite">
        {toasts.map(({ id, text, isBad }) => (
          <div key={id} class={`toast ${isBad ? 'bad' : ''}`}>
            <span class="grow break">{text}</span>
            <button
              type="button"
              class="button quiet small icon-button"
              aria-label="Close this message"
              onClick={() => {
                close(id);
              }}
            >
              <X size={14} aria-hidden="true" />
            </button>
          </div>
        ))}
      </div>
    </Context.Provider>
  );
}
