import type { Metadata } from "next";
import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import { Workspace } from "@/components/Workspace";
import { chosenFrontend, chosenTheme } from "@/server/choices";
import { currentPerson } from "@/server/session";
import { webSettings } from "@/server/settings";

export const metadata: Metadata = { title: "Tasks and chat" };

export default async function ChatPage() {
  const person = await currentPerson();
  if (!person) redirect("/sign-in");
  const settings = webSettings();
  const chosen = await cookies();
  return (
    <Workspace
      person={person}
      theme={chosenTheme(chosen)}
      frontend={chosenFrontend(settings, chosen)}
      chatkit={settings.chatkit}
      imageDomains={settings.imageDomains}
      nonce={(await headers()).get("x-nonce") ?? ""}
    />
  );
}
