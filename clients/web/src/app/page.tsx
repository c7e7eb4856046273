import { redirect } from "next/navigation";
import { currentPerson } from "@/server/session";
import { webSettings } from "@/server/settings";

export default async function Root() {
  if (await currentPerson()) redirect("/chat");
  redirect(webSettings().signUp ? "/sign-up" : "/sign-in");
}
