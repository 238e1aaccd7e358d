using System.Text;
using Reactor.Recording;

namespace Reactor.Tests.Recording;

/// <summary>Events and states as text, so that two can be compared whole.</summary>
internal static class TraceText
{
    /// <summary>One line for each event, without its time.</summary>
    public static string Of(IEnumerable<TraceEvent> events, TraceNames names) =>
        string.Join('\n', events.Select(one => Of(one, names)));

    /// <summary>
    /// The kind, then what is not zero: number, value, name, place without its line.
    /// </summary>
    public static string Of(in TraceEvent one, TraceNames names)
    {
        var text = new StringBuilder(one.Kind.ToString());
        text.Append(one.Id == 0 ? "" : $" {one.Id}");
        text.Append(one.Value == 0 ? "" : $" ={one.Value}");
        text.Append(one.Name == 0 ? "" : $" {names[one.Name]}");
        return text.ToString();
    }

    /// <summary>Everything that a state shows.</summary>
    public static string Of(TraceState state)
    {
        var text = new StringBuilder();
        text.AppendLine($"{state.Time} {state.Turn} {state.TurnBegan} {state.Phase}")
            .AppendLine($"{state.PhaseBegan} {state.PollTimeout} {state.Running}")
            .AppendLine($"{state.BatchCount} {state.BatchLeft} {state.LastSlow}")
            .AppendLine($"{state.Counters}")
            .AppendJoin('\n', state.Ready).AppendLine()
            .AppendJoin('\n', state.Tasks.Select(Of)).AppendLine()
            .AppendJoin('\n', state.Timers).AppendLine()
            .AppendJoin('\n', state.Objects).AppendLine()
            .AppendJoin('\n', state.Messages).AppendLine();
        foreach (TraceHistogram one in new[]
            { state.QueueWait, state.RunTime, state.TimerLateness, state.Poll })
        {
            text.AppendLine($"{one.Count} {one.Sum} {one.Max}")
                .AppendJoin(' ', one.Buckets).AppendLine()
                .AppendJoin(' ', one.Culprits.ToArray()).AppendLine();
        }

        return text.ToString();
    }

    private static string Of(TraceTask task) =>
        $"{task with { AwaitsToo = null }} {string.Join(',', task.AwaitsToo ?? [])}";
}
