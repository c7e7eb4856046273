import type { Metadata } from "next";
import { SpecimensPage } from "@/components/SpecimensPage";

export const metadata: Metadata = { title: "Specimens of widgets" };

export default function SpecimensRoute() {
  return <SpecimensPage />;
}
