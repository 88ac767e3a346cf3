import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { Link } from 'wouter-preact';

/** The head of a page; also the browser tab's title. */
export function PageHead({
  title,
  heading = title,
  crumbs = [],
  about,
  children,
}: {
  title: string;
  /** What the heading shows, when that is more than text. */
  heading?: ComponentChildren;
  crumbs?: { href: string; label: string }[];
  about?: ComponentChildren;
  /** Buttons. */
  children?: ComponentChildren;
}) {
  useEffect(() => {
    document.title = `${title} · Rule webhooks`;
  }, [title]);
  return (
    <header class="page-head">
      <div class="grow">
        {crumbs.length > 0 && (
          <nav class="crumbs" aria-label="Breadcrumb">
            {crumbs.map(({ href, label }) => (
              <span key={href}>
                <Link href={href}>{label}</Link> <span aria-hidden="true">/</span>
              </span>
            ))}
          </nav>
        )}
        <h1>{heading}</h1>
        {about !== undefined && <p class="muted">{about}</p>}
      </div>
      {children !== undefined && <div class="row">{children}</div>}
    </header>
  );
}
