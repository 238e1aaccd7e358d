// 26.6 A timer is as late as the time since it was armed.
// zh-CN: 定时器的迟到就是从设置它到现在的时间。
// A timer of 300 ms that fires after 300 ms is on time. Late is what comes after the due time.
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
        var armed = new Dictionary<long, long>();
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
                    armed[one.Id] = one.Time;
                    break;
                case TraceEventKind.TimerFired when one.Time - armed[one.Id] > latest.Ns:
                    latest = (timers[one.Id], one.Time - armed[one.Id]);
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
