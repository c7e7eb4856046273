import { type NextRequest, NextResponse } from "next/server";
import { frontendOfPage } from "@/server/choices";
import { contentSecurityPolicy } from "@/server/content-security-policy";
import { webSettings } from "@/server/settings";

/**
 * Gives each page a nonce of its own, without which no script runs, and a policy that lets in what this page needs. A page
 * keeps its policy as long as it lives: ways from page to page are plain links, which open a new one.
 */
export function proxy(request: NextRequest): NextResponse {
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("base64");
  const settings = webSettings();
  const policy = contentSecurityPolicy(
    settings,
    nonce,
    frontendOfPage(settings, request.nextUrl.pathname, request.cookies),
  );
  const headers = new Headers(request.headers);
  // Next.js takes the nonce for its own scripts from here.
  headers.set("content-security-policy", policy);
  headers.set("x-nonce", nonce);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  response.headers.set("x-content-type-options", "nosniff");
  response.headers.set("x-frame-options", "DENY");
  response.headers.set("referrer-policy", "same-origin");
  response.headers.set("cross-origin-opener-policy", "same-origin");
  response.headers.set("permissions-policy", "camera=(), geolocation=(), microphone=(self), payment=()");
  if (settings.publicUrl.startsWith("https:")) {
    response.headers.set("strict-transport-security", "max-age=31536000");
  }
  return response;
}

export const config = { matcher: "/((?!_next/static|api/).*)" };
