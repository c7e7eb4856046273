import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { currentPerson } from "@/server/session";

export const metadata: Metadata = { title: "Tasks and chat" };

export default async function ChatPage() {
  const person = await currentPerson();
  if (!person) redirect("/sign-in");
  return <p>{person.name}</p>;
}
