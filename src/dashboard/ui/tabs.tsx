import { useEffect, useRef } from 'preact/hooks';
import { Link } from 'wouter-preact';

/** Parts of a page, each with an address of its own. */
export function Tabs({
  label,
  tabs,
  current,
}: {
  label: string;
  tabs: readonly { href: string; label: string }[];
  /** The address of the one that is shown. */
  current: string;
}) {
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    // On a small screen it may lie beyond the edge.
    nav.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [current]);
  return (
    <nav ref={nav} class="tabs" aria-label={label}>
      {tabs.map((tab) => (
        <Link
          key={tab.href}
          href={tab.href}
          class="tab"
          aria-current={tab.href === current ? 'page' : undefined}
        >
          {tab.label}
        </Link>
      ))}
    </nav>
  );
}
