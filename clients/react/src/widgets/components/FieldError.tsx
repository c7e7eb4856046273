/** Says what is wrong with a field, where the field's `aria-describedby` points. */
export function FieldError({ id, error }: { id: string; error: string | undefined }) {
  if (error === undefined) return null;
  return (
    <p id={id} className="ws-error" role="alert">
      {error}
    </p>
  );
}
