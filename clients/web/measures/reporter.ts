import type { Reporter, TestCase, TestError, TestResult } from "@playwright/test/reporter";

/** Prints what the measures say, and what kept them from it. */
export default class FiguresReporter implements Reporter {
  onStdOut(chunk: string | Buffer): void {
    process.stdout.write(chunk);
  }

  onTestEnd({ title }: TestCase, { status, errors }: TestResult): void {
    if (status !== "passed") process.stdout.write(`${title}: ${status}\n`);
    for (const error of errors) this.onError(error);
  }

  onError({ message, value }: TestError): void {
    process.stdout.write(`${message ?? value}\n`);
  }
}
