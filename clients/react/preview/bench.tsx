// A page that updates a large widget sixty times a second while someone types into it, or shows a long list.
import { useEffect, useState } from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { largeWidget, longList, withCount } from "../bench/widget.js";
import { ThemeProvider, WidgetView } from "../src/index.js";
import "../src/styles.css";

/** What the page has measured so far; times in ms. */
export interface Measured {
  updates: number;
  /** The time that each update took, to render and commit it. */
  update: number[];
  /** The time between frames. */
  frame: number[];
  /** Tasks of 50 ms or more. */
  long: number[];
}

const measured: Measured = { updates: 0, update: [], frame: [], long: [] };
(globalThis as unknown as { measured: Measured }).measured = measured;
new PerformanceObserver((list) => measured.long.push(...list.getEntries().map(({ duration }) => duration))).observe({
  entryTypes: ["longtask"],
});
let last = performance.now();
requestAnimationFrame(function tick(now) {
  measured.frame.push(now - last);
  last = now;
  requestAnimationFrame(tick);
});

function Updated() {
  const [widget, setWidget] = useState(largeWidget);
  useEffect(() => {
    const timer = setInterval(() => {
      const start = performance.now();
      measured.updates += 1;
      flushSync(() => setWidget((before) => withCount(before, measured.updates % 60, measured.updates)));
      measured.update.push(performance.now() - start);
    }, 1000 / 60);
    return () => clearInterval(timer);
  }, []);
  return <WidgetView widget={widget} />;
}

const rows = Number(new URLSearchParams(location.search).get("rows"));
const list = longList(rows);
const root = document.getElementById("root");
if (root) {
  createRoot(root).render(<ThemeProvider>{rows ? <WidgetView widget={list} /> : <Updated />}</ThemeProvider>);
}
