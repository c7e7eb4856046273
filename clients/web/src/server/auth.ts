import { betterAuth } from "better-auth";
import { jwt } from "better-auth/plugins/jwt";
import { type AccountsDatabase, openDatabase } from "./database";
import { type WebSettings, webSettings } from "./settings";

const DAY_SECONDS = 24 * 60 * 60;
const MIN_PASSWORD_LENGTH = 10;

function createAuth(settings: WebSettings, database: AccountsDatabase) {
  return betterAuth({
    appName: "Widgetstream",
    baseURL: settings.publicUrl,
    basePath: "/api/auth",
    secret: settings.sessionKey,
    database,
    telemetry: { enabled: false },
    // Only pages of the very host that was asked: `localhost` and `127.0.0.1` are the same server. Envoy says which.
    trustedOrigins: (request) => {
      const host = request?.headers.get("x-forwarded-host");
      const protocol = request?.headers.get("x-forwarded-proto") ?? "http";
      return host ? [settings.publicUrl, `${protocol}://${host}`] : [settings.publicUrl];
    },
    emailAndPassword: {
      enabled: true,
      disableSignUp: !settings.signUp,
      minPasswordLength: MIN_PASSWORD_LENGTH,
      maxPasswordLength: 128,
    },
    session: { expiresIn: 7 * DAY_SECONDS, updateAge: DAY_SECONDS },
    rateLimit: {
      enabled: settings.signInsPerMinute > 0,
      window: 10,
      max: 200,
      customRules: {
        "/sign-in/email": { window: 60, max: settings.signInsPerMinute },
        "/sign-up/email": { window: 60, max: settings.signInsPerMinute },
        // The gRPC server asks, and has no address of its own.
        "/jwks": false,
      },
    },
    advanced: {
      cookiePrefix: "widgetstream",
      useSecureCookies: settings.publicUrl.startsWith("https:"),
      defaultCookieAttributes: { httpOnly: true, sameSite: "lax" },
      ipAddress: { ipAddressHeaders: ["x-client-ip"] },
    },
    plugins: [
      jwt({
        jwks: { rotationInterval: 30 * DAY_SECONDS, gracePeriod: DAY_SECONDS },
        jwt: {
          issuer: settings.publicUrl,
          audience: settings.publicUrl,
          expirationTime: "15m",
          // Beside the subject, which is the id: the name, and nothing else of the account.
          definePayload: ({ user }) => ({ name: user.name }),
        },
        disableSettingJwtHeader: true,
      }),
    ],
  });
}

interface Accounts {
  auth: ReturnType<typeof createAuth>;
  database: AccountsDatabase;
}

// Next.js may load this module more than once in a process; the database is opened once.
const shared = globalThis as typeof globalThis & { widgetstreamAccounts?: Accounts };

/** Returns the accounts of this process. */
export function accounts(): Accounts {
  if (!shared.widgetstreamAccounts) {
    const settings = webSettings();
    const database = openDatabase(settings);
    shared.widgetstreamAccounts = { auth: createAuth(settings, database), database };
  }
  return shared.widgetstreamAccounts;
}
