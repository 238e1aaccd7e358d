// The `learn` program: the runner of the course. It lists the lessons, runs and judges exercises,
// and keeps the progress. The first argument names a verb; each verb is a file in the folder Verbs.
using Reactor.Learn;

return LearnProgram.Run(args, LearnContext.OfProcess());
