using System.Globalization;
using System.Text;

namespace Reactor.Inspector;

/// <summary>
/// The state as plain text, for terminals and screen readers: the panels of the page in the same
/// order, with the texts of the same table. Pure; any thread.
/// </summary>
internal sealed class TextPage
{
    private readonly StringBuilder _text = new();
    private readonly InspectorStrings _strings;
    private readonly StateView _view;

    private TextPage(StateView view, InspectorStrings strings) =>
        (_view, _strings) = (view, strings);

    public static string Write(StateView view, SessionView session, InspectorStrings strings)
    {
        var page = new TextPage(view, strings);
        page.WriteHead(session);
        page.WriteWork();
        page.WriteTasks();
        page.WriteHistograms();
        page.WriteEvents();
        return page._text.ToString();
    }

    /// <summary>Three significant digits with a unit, as on the page.</summary>
    public static string Duration(long ns) => PictureText.Time(ns);

    public static string Sentence(EventView one, InspectorStrings strings)
    {
        var values = one.Args
            .Select(pair => (pair.Key, (object)strings.Word(pair.Key, pair.Value)))
            .Concat((one.Durations ?? new Dictionary<string, long>())
                .Select(pair => (pair.Key, (object)Duration(pair.Value))));
        return strings.Get($"event.{one.Key}", [.. values]);
    }

    private void WriteHead(SessionView session)
    {
        Line(_strings.Get(
            "text.title", ("program", session.Program),
            ("mode", _strings.Get(_view.HasEnded ? "mode.ended" : $"mode.{_view.Mode}"))));
        Line(_strings.Get(
            "run", ("program", session.Program), ("driver", session.Driver),
            ("began", session.Began)));
        MomentView moment = _view.Moment;
        Line(_strings.Get(
            "text.position", ("event", moment.Event), ("events", moment.Events),
            ("time", Duration(moment.TimeNs)), ("turn", _view.Turn.Number),
            ("phase", _strings.Get($"phase.{_view.Turn.Phase}"))));
        CountersView counters = _view.Counters;
        Line(_strings.Get(
            "text.counters", ("turns", counters.Turns), ("polls", counters.Polls),
            ("callbacks", counters.Callbacks), ("steps", counters.Steps),
            ("messages", counters.Messages), ("slow", counters.Slow),
            ("dropped", counters.Dropped)));
        if (_view.Blocked is { } blocked)
        {
            Line(_strings.Get(
                blocked.Place is null ? "blocked" : "blocked.at", ("what", blocked.What),
                ("for", Duration(blocked.ForNs)), ("place", blocked.Place ?? "")));
        }

        if (counters.Dropped > 0)
        {
            Line(_strings.Get("cut", ("count", counters.Dropped)));
        }
    }

    private void WriteWork()
    {
        QueueView ready = _view.Ready;
        Title("queue.title", ready.Count);
        if (_view.Turn.Running is { } running)
        {
            Item($"{Kind(running.Kind)} {Named(running.Name, running.Place)}, "
                + _strings.Get("queue.running"));
        }

        bool isInBatch = _view.Turn.Phase == "batch";
        for (int i = 0; i < ready.Items.Count; i++)
        {
            if (isInBatch && i == ready.InBatch)
            {
                Item($"---- {_strings.Get("queue.border")}");
            }

            WorkView work = ready.Items[i];
            Item($"{Kind(work.Kind)} {Named(work.Name, work.Place)}");
        }

        Rest(ready.Count, ready.LeftOut, "queue.empty");
        foreach (WorkView message in ready.Messages)
        {
            Item($"{Kind(message.Kind)} {message.Name}, {_strings.Get("queue.mailbox")}");
        }

        Title("timers.title", _view.Timers.Count);
        foreach (TimerView timer in _view.Timers.Items)
        {
            Item(timer.DueInNs is not { } ns ? timer.Name : $"{timer.Name}, " + _strings.Get(
                ns >= 0 ? "timers.in" : "timers.late", ("time", Duration(Math.Abs(ns)))));
        }

        Rest(_view.Timers.Count, _view.Timers.LeftOut, "timers.empty");
        Title("connections.title", _view.Objects.Sum(one => one.Count));
        foreach (StateCountView state in _view.Objects.SelectMany(one => one.States))
        {
            Item(_strings.Get(
                "connections.label", ("state", _strings.Word("state", state.State)),
                ("count", state.Count)));
        }

        Rest(_view.Objects.Count, 0, "connections.empty");
    }

    private void WriteTasks()
    {
        Title("tasks.title", _view.Tasks.Count);
        foreach (WaitGroupView group in _view.Tasks.Groups)
        {
            string what = group.State == "waiting" && group.What.Length > 0
                ? group.What : _strings.Get($"tasks.{group.State}");
            Item($"{group.Count} × {Named(what, group.Place)} ({group.Example})");
        }

        Rest(_view.Tasks.Count, _view.Tasks.LeftOut, "tasks.empty");
        Title("tree.title", null);
        foreach (string cycle in _view.Tree.Cycles)
        {
            Item(_strings.Get("tree.cycle", ("cycle", cycle)));
        }

        foreach (TreeLineView line in _view.Tree.Lines)
        {
            string note = line.Note is null ? "" : _strings.Get($"tree.note.{line.Note}");
            Item(new string(' ', 2 * line.Depth) + line.Text + note);
        }

        Rest(_view.Tree.Lines.Count, _view.Tree.LeftOut, "tree.empty");
    }

    private void WriteHistograms()
    {
        Title("histograms.title", null);
        foreach (HistogramView one in _view.Histograms)
        {
            string name = _strings.Get($"histogram.{one.Name}");
            Item(one.Count == 0
                ? $"{name}: {_strings.Get("histogram.empty")}"
                : $"{name}: " + _strings.Get(
                    "histogram.figures", ("count", one.Count), ("p50", Duration(one.P50Ns)),
                    ("p99", Duration(one.P99Ns)), ("max", Duration(one.MaxNs))));
            foreach (CulpritView culprit in one.Culprits)
            {
                string cause = culprit.Cause is null
                    ? "" : $", {_strings.Get("histogram.cause", ("cause", culprit.Cause))}";
                Item(string.Create(
                    CultureInfo.InvariantCulture,
                    $"  {Duration(culprit.ValueNs)} [{culprit.Event}] "
                        + $"{Named(culprit.Name, culprit.Place)}{cause}"));
            }
        }
    }

    private void WriteEvents()
    {
        Title("log.title", null);
        foreach (EventView one in _view.Events)
        {
            Item(string.Create(
                CultureInfo.InvariantCulture,
                $"{one.TimeNs / 1e9:F6} s [{one.Index}] {Sentence(one, _strings)}"));
        }

        Rest(_view.Events.Count, 0, "log.empty");
    }

    private string Kind(string kind) => _strings.Get($"kind.{kind}");

    private static string Named(string name, string? place) =>
        place is null ? name : $"{name} {place}";

    private void Rest(int count, int leftOut, string emptyKey)
    {
        if (count == 0)
        {
            Item(_strings.Get(emptyKey));
        }
        else if (leftOut > 0)
        {
            Item(_strings.Get("more", ("count", leftOut)));
        }
    }

    private void Title(string key, int? count)
    {
        Line("");
        Line(count is null ? _strings.Get(key) : $"{_strings.Get(key)} ({count})");
    }

    private void Item(string text) => Line($"  {text}");

    // A name may have the control sequences of a terminal.
    private void Line(string text) => _text.Append(PictureText.Clean(text)).Append('\n');
}
