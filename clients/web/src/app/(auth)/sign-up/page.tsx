import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { AuthPage } from "@/components/AuthPage";
import { currentPerson } from "@/server/session";
import { webSettings } from "@/server/settings";

export const metadata: Metadata = { title: "Create account" };

export default async function SignUp() {
  if (await currentPerson()) redirect("/chat");
  const { signUp, demoAccount } = webSettings();
  if (!signUp) redirect("/sign-in");
  return <AuthPage mode="sign-up" signUp={signUp} demoAccount={demoAccount} />;
}
