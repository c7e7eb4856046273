import { create } from "@bufbuild/protobuf";
import {
  StructuredInputStatus,
  type StructuredInputSubmission,
  StructuredInputSubmissionSchema,
} from "@widgetstream/client";

/** The submission for answers by question; without any, the questions are declined. */
export function answersOf(
  itemId: string,
  answers: Readonly<Record<string, readonly string[]>>,
): StructuredInputSubmission {
  const given = Object.values(answers).some((values) => values.length > 0);
  return create(StructuredInputSubmissionSchema, {
    itemId,
    status: given ? StructuredInputStatus.ANSWERED : StructuredInputStatus.SKIPPED,
    answers: given
      ? Object.fromEntries(
          Object.entries(answers).map(([id, values]) => [id, { values: [...values], skipped: values.length === 0 }]),
        )
      : {},
  });
}
