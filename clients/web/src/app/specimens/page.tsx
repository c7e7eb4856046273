import type { Metadata } from "next";
import { cookies } from "next/headers";
import { SpecimensPage } from "@/components/SpecimensPage";
import { chosenTheme } from "@/server/choices";

export const metadata: Metadata = { title: "Specimens of widgets" };

export default async function SpecimensRoute() {
  return <SpecimensPage theme={chosenTheme(await cookies())} />;
}
