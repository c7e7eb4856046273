import { type DragEvent, useRef, useState } from "react";

/** Takes files that are dropped on an element. `over` tells whether some are held above it. */
export function useDrop(onFiles: ((files: FileList) => void) | undefined) {
  const [over, setOver] = useState(false);
  // The pointer leaves an element whenever it enters one inside: only the balance tells.
  const depth = useRef(0);
  const hasFiles = (event: DragEvent) => Boolean(onFiles) && event.dataTransfer.types.includes("Files");
  return {
    over,
    handlers: {
      onDragEnter(event: DragEvent) {
        if (!hasFiles(event)) return;
        depth.current += 1;
        setOver(true);
      },
      onDragOver(event: DragEvent) {
        if (hasFiles(event)) event.preventDefault();
      },
      onDragLeave(event: DragEvent) {
        if (!hasFiles(event)) return;
        depth.current -= 1;
        if (depth.current <= 0) setOver(false);
      },
      onDrop(event: DragEvent) {
        depth.current = 0;
        setOver(false);
        if (!hasFiles(event)) return;
        event.preventDefault();
        onFiles?.(event.dataTransfer.files);
      },
    },
  };
}
