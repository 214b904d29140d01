import type { Event, EventBody } from "../agent/events.ts";
import type { Ui } from "../ui/ui.ts";

/** Where events of a running job go, in this order: the journal first, then people and programs. */
export interface Sink {
  append(body: EventBody): Promise<Event>;
}

/** Drives a job to its end: each event is journaled before the job goes on. */
export async function runJob<Result>(job: AsyncGenerator<EventBody, Result>, sink: Sink, ui: Ui): Promise<Result> {
  for (;;) {
    const step = await job.next();
    if (step.done) return step.value;
    ui.event(await sink.append(step.value));
  }
}
