/** An answer with all of its body: time must not run on while that is still on its way. */
export async function arrived(answering: Promise<Response>): Promise<Response> {
  const answer = await answering;
  const { status, statusText, headers } = answer;
  const body = await answer.arrayBuffer();
  return new Response(body.byteLength > 0 ? body : null, { status, statusText, headers });
}
