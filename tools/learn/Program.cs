// The `learn` program: the runner of the course. It lists the lessons, runs and judges exercises,
// and keeps the progress. The first argument names a verb; each verb is a file in the folder Verbs.
// A child that runs an answer is this program too; it loads nothing else.
using Reactor.Learn;

return args is [ChildProgram.Verb] ? ChildProgram.Run() : LearnProgram.Run(args);
