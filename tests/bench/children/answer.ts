/** Answers the parent's questions by name; ends with the parent. */
export function answerParent(answers: Record<string, (about: never) => unknown>): void {
  process.on('message', (message: { id: number; what: string; about: unknown }) => {
    const { id, what, about } = message;
    Promise.resolve()
      .then(() => {
        const answer = answers[what];
        if (answer === undefined) throw new Error(`"${what}" is not understood`);
        return answer(about as never);
      })
      .then(
        (answer) => process.send?.({ id, answer: answer ?? null }),
        (error: unknown) => process.send?.({ id, error: error instanceof Error ? error.message : String(error) }),
      );
  });
  process.on('disconnect', () => process.exit(0));
}
