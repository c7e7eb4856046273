import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { AuthPage } from "@/components/AuthPage";
import { currentPerson } from "@/server/session";
import { webSettings } from "@/server/settings";

export const metadata: Metadata = { title: "Sign in" };

export default async function SignIn() {
  if (await currentPerson()) redirect("/chat");
  const { signUp, demoAccount } = webSettings();
  return <AuthPage mode="sign-in" signUp={signUp} demoAccount={demoAccount} />;
}
