import { useMutation, useQueryClient } from '@tanstack/preact-query';
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Activity, CalendarClock, Globe, Inbox, LogOut, Menu, Settings, Workflow } from 'lucide-preact';
import { Link, useLocation } from 'wouter-preact';
import { leaveSession, signOut } from './api/session';
import icon from './icon.svg';
import { useSession } from './session-context';
import { useToasts } from './ui/toasts';

const PAGES = [
  { href: '/executions', label: 'Executions', Symbol: Activity },
  { href: '/rules', label: 'Rules', Symbol: Workflow },
  { href: '/events', label: 'Events', Symbol: Inbox },
  { href: '/destinations', label: 'Destinations', Symbol: Globe },
  { href: '/scorecards', label: 'Scorecards', Symbol: CalendarClock },
  { href: '/settings', label: 'Settings', Symbol: Settings },
] as const;

/** What is around each page: where one is, and where one can go. */
export function Shell({ children }: { children: ComponentChildren }) {
  const [location] = useLocation();
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    setOpen(false);
  }, [location]);
  return (
    <div class="shell">
      <a class="skip-link" href="#content">
        Skip to the content
      </a>
      <header class={`sidebar ${isOpen ? 'is-open' : ''}`}>
        <div class="sidebar-top">
          <Link href="/executions" class="brand">
            <img src={icon} alt="" /> Rule webhooks
          </Link>
          <button
            type="button"
            class="button quiet menu-button"
            aria-expanded={isOpen}
            aria-controls="pages"
            onClick={() => {
              setOpen(!isOpen);
            }}
          >
            <Menu size={18} aria-hidden="true" /> Menu
          </button>
        </div>
        <nav id="pages" aria-label="Pages">
          {PAGES.map(({ href, label, Symbol }) => (
            <Link
              key={href}
              href={href}
              class="nav-link"
              aria-current={location === href || location.startsWith(`${href}/`) ? 'page' : undefined}
            >
              <Symbol size={17} aria-hidden="true" /> {label}
            </Link>
          ))}
        </nav>
        <SidebarFoot />
      </header>
      <main id="content" class="content" tabIndex={-1}>
        <div class="content-inner">{children}</div>
      </main>
    </div>
  );
}

function SidebarFoot() {
  const { workspace, key, role } = useSession();
  const queries = useQueryClient();
  const { tellOf } = useToasts();
  const leaving = useMutation({
    mutationFn: signOut,
    onSuccess: () => {
      leaveSession(queries);
    },
    onError: tellOf,
  });
  return (
    <div class="sidebar-foot">
      <div>
        <div class="ellipsis" title={`Key ${key.id}`}>
          {key.name}
        </div>
        <div class="faint">
          {role} of {workspace}
        </div>
      </div>
      <button
        type="button"
        class="button small"
        onClick={() => {
          leaving.mutate();
        }}
      >
        <LogOut size={14} aria-hidden="true" /> Sign out
      </button>
    </div>
  );
}
