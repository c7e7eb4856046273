import { type ReactNode, useEffect, useRef, useState } from "react";
import { Icon } from "../icons/Icon.js";

/** A block of code with its language, and a button that copies it. */
export function CodeBlock({ language, children }: { language?: string; children?: ReactNode }) {
  const code = useRef<HTMLPreElement>(null);
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(code.current?.textContent ?? "");
      setCopied(true);
    } catch {
      // Refused by the browser: the text can still be selected.
    }
  };
  return (
    <div className="ws-code" dir="ltr">
      <div className="ws-code__bar">
        <span>{language}</span>
        <button type="button" className="ws-code__copy" onClick={copy} aria-label={copied ? "Copied" : "Copy code"}>
          <Icon name={copied ? "check" : "copy"} />
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines are scrolled by keyboard. */}
      <pre ref={code} tabIndex={0}>
        {children}
      </pre>
    </div>
  );
}
