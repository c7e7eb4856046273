import type { Metadata, Viewport } from "next";
import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { chosenTheme } from "@/server/choices";
import "@widgetstream/react/styles.css";
import "./globals.css";

export const metadata: Metadata = {
  title: { default: "Widgetstream", template: "%s · Widgetstream" },
  description: "Your tasks, and an assistant that knows them.",
};

export const viewport: Viewport = { width: "device-width", initialScale: 1, interactiveWidget: "resizes-content" };

export default async function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en" data-theme={chosenTheme(await cookies())}>
      <body>{children}</body>
    </html>
  );
}
