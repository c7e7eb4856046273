import { type KeyboardEvent, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { Icon } from "../icons/Icon.js";
import { uniqueKeys } from "./uniqueKeys.js";

export interface SelectOption {
  value: string;
  label: string;
  /** Shown below the label. */
  description?: string;
  disabled?: boolean;
}

export interface ListboxProps {
  id: string;
  label: string;
  options: readonly SelectOption[];
  value: string;
  searchable: boolean;
  /** What was typed before the list opened. */
  typed: string;
  onPick(value: string): void;
  onLeave(): void;
}

/** The options of a select. It takes the focus, and says by `aria-activedescendant` which option is meant. */
export function Listbox({ id, label, options, value, searchable, typed, onPick, onLeave }: ListboxProps) {
  const focused = useRef<HTMLInputElement & HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [query, setQuery] = useState(searchable ? typed : "");
  const shown = useMemo(() => found(options, query), [options, query]);
  const keys = uniqueKeys(shown.map((option) => option.value));
  const [active, setActive] = useState(() => startingAt(options, value, searchable ? "" : typed));
  const typing = useRef({ text: typed, at: 0 });

  useEffect(() => {
    focused.current?.focus({ preventScroll: true });
  }, []);
  useLayoutEffect(() => {
    list.current?.children[active]?.scrollIntoView?.({ block: "nearest" });
  }, [active]);

  const onKeyDown = (event: KeyboardEvent) => {
    switch (event.key) {
      case "ArrowDown":
        setActive(next(shown, active, 1));
        break;
      case "ArrowUp":
        setActive(next(shown, active, -1));
        break;
      case "Home":
        setActive(next(shown, -1, 1));
        break;
      case "End":
        setActive(next(shown, shown.length, -1));
        break;
      case "Enter":
      case "Tab": {
        const option = shown[active];
        if (option && !option.disabled) onPick(option.value);
        else onLeave();
        if (event.key === "Tab") return;
        break;
      }
      default: {
        if (searchable || event.key.length !== 1 || event.ctrlKey || event.metaKey) return;
        const { text, at } = typing.current;
        const now = event.timeStamp;
        typing.current = { text: now - at < 700 ? text + event.key : event.key, at: now };
        if (event.key === " " && typing.current.text === " ") {
          const option = shown[active];
          if (option && !option.disabled) onPick(option.value);
          break;
        }
        setActive(startingAt(shown, shown[active]?.value ?? "", typing.current.text));
      }
    }
    event.preventDefault();
  };

  const activeId = shown[active] ? `${id}-${active}` : undefined;
  return (
    <>
      {searchable && (
        <div className="ws-select__search">
          <Icon name="search" />
          <input
            ref={focused}
            type="text"
            role="combobox"
            aria-expanded="true"
            aria-controls={id}
            aria-activedescendant={activeId}
            aria-label={`Search ${label}`}
            placeholder="Search"
            value={query}
            onChange={(event) => {
              setQuery(event.target.value);
              setActive(0);
            }}
            onKeyDown={onKeyDown}
          />
        </div>
      )}
      <div
        ref={(element) => {
          list.current = element;
          if (!searchable) focused.current = element as never;
        }}
        id={id}
        role="listbox"
        aria-label={label}
        aria-activedescendant={searchable ? undefined : activeId}
        tabIndex={searchable ? undefined : -1}
        className="ws-select__list"
        onKeyDown={searchable ? undefined : onKeyDown}
      >
        {shown.map((option, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the list handles the keys
          <div
            key={keys[index]}
            id={`${id}-${index}`}
            role="option"
            aria-selected={option.value === value}
            aria-disabled={option.disabled || undefined}
            tabIndex={-1}
            data-active={index === active || undefined}
            className="ws-select__option"
            onPointerMove={() => setActive(index)}
            onClick={() => !option.disabled && onPick(option.value)}
          >
            <span className="ws-select__texts">
              <span>{option.label}</span>
              {option.description && <small>{option.description}</small>}
            </span>
            {option.value === value && <Icon name="check" />}
          </div>
        ))}
      </div>
      {shown.length === 0 && (
        <p className="ws-select__none" role="status">
          Nothing found
        </p>
      )}
    </>
  );
}

function found(options: readonly SelectOption[], query: string): readonly SelectOption[] {
  const wanted = query.trim().toLocaleLowerCase();
  if (!wanted) return options;
  return options.filter(({ label, description = "" }) =>
    `${label}\n${description}`.toLocaleLowerCase().includes(wanted),
  );
}

function startingAt(options: readonly SelectOption[], value: string, typed: string): number {
  const prefix = typed.toLocaleLowerCase();
  const chosen = options.findIndex((option) => option.value === value);
  const match = prefix
    ? options.findIndex(({ label, disabled }) => !disabled && label.toLocaleLowerCase().startsWith(prefix))
    : -1;
  if (match !== -1) return match;
  return chosen === -1 ? next(options, -1, 1) : chosen;
}

function next(options: readonly SelectOption[], from: number, step: 1 | -1): number {
  for (let index = from + step; index >= 0 && index < options.length; index += step) {
    if (!options[index]?.disabled) return index;
  }
  return from < 0 || from >= options.length ? 0 : from;
}
