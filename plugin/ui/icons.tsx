/** Icons that Figma's own set lacks, drawn in its manner: 16 pixels, one-pixel lines. */
import type { ComponentChildren } from 'preact';

function Icon({ children }: { readonly children: ComponentChildren }) {
  return (
    <svg width="16" height="16" viewBox="0 0 16 16" fill="none" stroke="currentColor" aria-hidden="true">
      {children}
    </svg>
  );
}

export const IconPoint = () => (
  <Icon>
    <circle cx="8" cy="8" r="5.5" />
    <circle cx="8" cy="8" r="2" fill="currentColor" stroke="none" />
  </Icon>
);

export const IconBox = () => (
  <Icon>
    <rect x="2.5" y="3.5" width="11" height="9" stroke-dasharray="2.6 1.4" />
  </Icon>
);

export const IconBrush = () => (
  <Icon>
    <path d="m13.5 2.5-5.5 6" stroke-linecap="round" />
    <path
      d="M7.5 8.5C5.5 8 4.5 9.5 4.5 11c0 1-.8 1.5-2 1.5 1.5 1.5 6.5 1.5 6.5-1.8 0-1-.6-2-1.5-2.2Z"
      stroke-linejoin="round"
    />
  </Icon>
);

export const IconLasso = () => (
  <Icon>
    <path
      d="M5 11.5C3.5 10.5 2.5 9 2.5 7.5c0-2.5 2.5-4.5 5.5-4.5s5.5 2 5.5 4.5-2.5 4-5.5 4"
      stroke-dasharray="2.6 1.4"
    />
    <circle cx="6.5" cy="11.5" r="1.5" />
    <path d="M6 13c0 1-.8 1.5-1.5 1.5" />
  </Icon>
);

/** Half of it turned inside out. */
export const IconInvert = () => (
  <Icon>
    <circle cx="8" cy="8" r="5.5" />
    <path d="M8 2.5a5.5 5.5 0 0 1 0 11Z" fill="currentColor" stroke="none" />
  </Icon>
);

/** Like its mark: filled. */
export const IconInside = () => (
  <Icon>
    <circle cx="8" cy="8" r="5" fill="#0d99ff" stroke="none" />
    <path d="M8 5.5v5M5.5 8h5" stroke="#ffffff" />
  </Icon>
);

/** Like its mark: a ring. */
export const IconOutside = () => (
  <Icon>
    <circle cx="8" cy="8" r="4.5" stroke="#e03e1a" stroke-width="1.5" />
    <path d="M5.5 8h5" />
  </Icon>
);

export const IconUndo = () => (
  <Icon>
    <path d="M5.5 3 2.5 6l3 3M3 6h6.25a3.75 3.75 0 0 1 0 7.5H6" />
  </Icon>
);

export const IconRedo = () => (
  <Icon>
    <path d="m10.5 3 3 3-3 3M13 6H6.75a3.75 3.75 0 0 0 0 7.5H10" />
  </Icon>
);

export const IconImage = () => (
  <svg width="32" height="32" viewBox="0 0 32 32" fill="none" stroke="currentColor" aria-hidden="true">
    <rect x="4.5" y="6.5" width="23" height="19" rx="2" />
    <circle cx="11" cy="12.5" r="2" />
    <path d="m5 22 6-5 4.5 3.5L21.5 14l5.5 6" />
  </svg>
);

export const IconClose = () => (
  <Icon>
    <path d="M4.5 4.5l7 7M11.5 4.5l-7 7" />
  </Icon>
);

export const IconPicture = () => (
  <Icon>
    <rect x="2.5" y="3.5" width="11" height="9" rx="1" />
    <path d="m3 11 3-2.5 2 1.5L10.5 7l3 3" />
  </Icon>
);

/** A curve between two nodes. */
export const IconVector = () => (
  <Icon>
    <path d="M4.5 11C4.5 6 11.5 10 11.5 5" />
    <rect x="3" y="11" width="3" height="3" />
    <rect x="10" y="2" width="3" height="3" />
  </Icon>
);

export const IconDone = () => (
  <Icon>
    <path d="m3.5 8.5 3 3 6-7" />
  </Icon>
);

export const IconFailed = () => (
  <Icon>
    <circle cx="8" cy="8" r="5.5" />
    <path d="M8 5v3.5M8 10v1" />
  </Icon>
);

/** Points right; turned when it is open. */
export const IconDisclosure = () => (
  <Icon>
    <path d="m6.5 5 3 3-3 3" />
  </Icon>
);

/** A pencil: what it stands beside can be worked on. */
export const IconWorkOn = () => (
  <Icon>
    <path d="m3.5 12.5.6-2.7 6.9-6.9 2.1 2.1-6.9 6.9zM9.7 4.2l2.1 2.1" />
  </Icon>
);
