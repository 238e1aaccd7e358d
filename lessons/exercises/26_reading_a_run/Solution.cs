// One pass over the events: what began is remembered until it ends. The cause of a late timer is
// the step in whose time its due time lies.
using Reactor.Recording;

public sealed record Answers(
    string Longest, int LongestMs, string Latest, int LateMs, string Cause,
    string Queued, int QueuedMs, int IdleMs, int BusyMs, int Failed);

public static class Reading
{
    public static Answers Of(LoopTrace trace)
    {
        var tasks = new Dictionary<long, string>();
        var timers = new Dictionary<long, string>();
        var ready = new Dictionary<long, long>();
        var steps = new List<(string Name, long From, long To)>();
        (string Name, long Ns) queued = ("", -1);
        (string Name, long Ns) latest = ("", -1);
        long due = 0;
        long idle = 0;
        long began = 0;
        int failed = 0;
        foreach (TraceEvent one in trace.Events)
        {
            string name = trace.Names[one.Name];
            switch (one.Kind)
            {
                case TraceEventKind.TaskSpawned:
                    tasks[one.Id] = name;
                    break;
                case TraceEventKind.TaskResumed:
                    ready[one.Id] = one.Time;
                    break;
                case TraceEventKind.StepBegan:
                    began = one.Time;
                    if (began - ready[one.Id] > queued.Ns)
                    {
                        queued = (tasks[one.Id], began - ready[one.Id]);
                    }
                    break;
                case TraceEventKind.StepEnded:
                    steps.Add((tasks[one.Id], began, one.Time));
                    break;
                case TraceEventKind.PollBegan:
                    began = one.Time;
                    break;
                case TraceEventKind.PollEnded:
                    idle += one.Time - began;
                    break;
                case TraceEventKind.TimerArmed:
                    timers[one.Id] = name;
                    break;
                case TraceEventKind.TimerFired when one.Value > latest.Ns:
                    latest = (timers[one.Id], one.Value);
                    due = one.Time - one.Value;
                    break;
                case TraceEventKind.TaskEnded:
                    failed += name.StartsWith("failed") ? 1 : 0;
                    break;
            }
        }
        var longest = steps.MaxBy(step => step.To - step.From);
        string cause = steps.FirstOrDefault(step => step.From <= due && due < step.To).Name;
        long busy = steps.Sum(step => step.To - step.From);
        return new Answers(
            longest.Name, Ms(longest.To - longest.From), latest.Name, Ms(latest.Ns), cause,
            queued.Name, Ms(queued.Ns), Ms(idle), Ms(busy), failed);
    }

    private static int Ms(long ns) => (int)(ns / 1_000_000);
}
