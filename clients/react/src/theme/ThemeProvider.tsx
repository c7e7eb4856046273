import { type CSSProperties, createContext, type ReactNode, useContext } from "react";

/** `system` follows the person's setting, and changes with it. */
export type ColorScheme = "light" | "dark" | "system";

/** How the interface looks; the names and values are those of ChatKit's theme options. */
export interface ThemeOptions {
  /** Default `system`. */
  colorScheme?: ColorScheme;
  /** Roundness of controls, cards and the composer. Default `pill`. */
  radius?: "pill" | "round" | "soft" | "sharp";
  /** Spacing of everything. Default `normal`. */
  density?: "compact" | "normal" | "spacious";
  color?: {
    /** Tint of the greys: a hue in degrees, how much of it (0–9) and how far darker or lighter (-4–4). */
    grayscale?: { hue: number; tint: number; shade?: number };
    /** The colour of primary buttons and of what is chosen: a CSS colour. `level` (0–3) is accepted and ignored. */
    accent?: { primary: string; level?: number };
    /** Backgrounds of cards and of the page, in place of those of the theme: CSS colours. */
    surface?: { background: string; foreground: string };
  };
  typography?: {
    /** Base size in px. Default 16. */
    baseSize?: 14 | 15 | 16 | 17 | 18;
    fontFamily?: string;
    fontFamilyMono?: string;
  };
}

export interface ThemeProviderProps extends Omit<ThemeOptions, "colorScheme"> {
  /** Shorthand, or all options. Options given as properties of their own win. */
  theme?: ColorScheme | ThemeOptions;
  children?: ReactNode;
  className?: string;
  style?: CSSProperties;
  /** Writing direction. Default: that of the page. */
  direction?: "ltr" | "rtl";
}

const ColorSchemeContext = createContext<ColorScheme>("system");

/** Returns the colour scheme of the nearest provider, for what CSS cannot decide. */
export function useColorScheme(): ColorScheme {
  return useContext(ColorSchemeContext);
}

/**
 * Sets the theme of what it holds, by CSS custom properties on one element with `data-theme`. Providers nest; all that
 * they hold follows without being rendered again. Needs `@widgetstream/react/styles.css` on the page.
 */
export function ThemeProvider({ theme, children, className, style, direction, ...own }: ThemeProviderProps) {
  const options: ThemeOptions = { ...(typeof theme === "string" ? { colorScheme: theme } : theme), ...given(own) };
  const scheme = options.colorScheme ?? "system";
  return (
    <ColorSchemeContext.Provider value={scheme}>
      <div
        className={className ? `ws-theme ${className}` : "ws-theme"}
        data-theme={scheme}
        data-radius={options.radius ?? "pill"}
        data-density={options.density ?? "normal"}
        dir={direction}
        style={{ ...variables(options), ...style }}
      >
        {children}
      </div>
    </ColorSchemeContext.Provider>
  );
}

function given<T extends object>(options: T): Partial<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function variables({ color, typography }: ThemeOptions): CSSProperties {
  const set: Record<string, string> = {};
  if (color?.accent) {
    set["--ws-option-accent"] = color.accent.primary;
    // Black on light colours, white on dark ones.
    set["--ws-option-on-accent"] = `oklch(from ${color.accent.primary} clamp(0, (0.66 - l) * 1000, 1) 0 0)`;
  }
  if (color?.surface) {
    set["--ws-option-surface"] = color.surface.background;
    set["--ws-option-surface-elevated"] = color.surface.foreground;
  }
  if (color?.grayscale) {
    const { hue, tint, shade = 0 } = color.grayscale;
    set["--ws-option-gray-hue"] = String(hue);
    set["--ws-option-gray-tint"] = String(Math.min(9, Math.max(0, tint)));
    set["--ws-option-gray-shade"] = `${Math.min(4, Math.max(-4, shade))}%`;
  }
  if (typography?.baseSize) set["--ws-option-font-size-base"] = `${typography.baseSize}px`;
  if (typography?.fontFamily) set["--ws-option-font-sans"] = typography.fontFamily;
  if (typography?.fontFamilyMono) set["--ws-option-font-mono"] = typography.fontFamilyMono;
  return set as CSSProperties;
}
