using System.Text.Json;
using Reactor.Inspector;
using Reactor.Recording;

namespace Inspector.Tests.Export;

/// <summary>
/// An exported trace as a viewer reads it. Each export of a test is held to the rules of the
/// format: slices nest, spans and arrows are paired, ids are unique, times never go back on a
/// track.
/// </summary>
internal sealed class ExportedTrace
{
    private ExportedTrace(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        Root = document.RootElement.Clone();
        Events = [.. Root.GetProperty("traceEvents").EnumerateArray()];
    }

    public JsonElement Root { get; }

    public IReadOnlyList<JsonElement> Events { get; }

    public static ExportedTrace Write(LoopTrace trace, LoadgenRun? load = null)
    {
        using var stream = new MemoryStream();
        ChromeTrace.Write(trace, stream, load);
        var exported = new ExportedTrace(stream.ToArray());
        exported.Check();
        return exported;
    }

    public IEnumerable<JsonElement> Of(string phase) =>
        Events.Where(one => Text(one, "ph") == phase);

    public IEnumerable<string> Names(string phase) => Of(phase).Select(one => Text(one, "name"));

    /// <summary>The open slices at each begin, outermost first: <c>turn batch main</c>.</summary>
    public IEnumerable<string> Nesting()
    {
        var open = new List<string>();
        foreach (JsonElement one in Events.Where(one => Text(one, "ph") is "B" or "E"))
        {
            if (Text(one, "ph") == "E")
            {
                open.RemoveAt(open.Count - 1);
            }
            else
            {
                open.Add(Text(one, "name"));
                yield return string.Join(' ', open);
            }
        }
    }

    public static string Text(JsonElement element, string name) =>
        element.GetProperty(name).GetString()!;

    public static decimal Time(JsonElement one) => one.GetProperty("ts").GetDecimal();

    private static (int, long) Track(JsonElement one) =>
        (one.GetProperty("pid").GetInt32(), one.GetProperty("tid").GetInt64());

    private void Check()
    {
        Assert.That(Events.Select(Time), Has.All.GreaterThanOrEqualTo(0m));
        CheckSlices();
        CheckSpans();
        CheckFlows();
        Assert.That(
            Of("b").Select(one => (Text(one, "id"), Text(one, "cat"))).Distinct()
                .Select(pair => pair.Item1)
                .Concat(Of("s").Select(one => Text(one, "id"))),
            Is.Unique, "a number belongs to one span or one arrow");
    }

    private void CheckSlices()
    {
        foreach (var track in Events.Where(one => Text(one, "ph") is "B" or "E").GroupBy(Track))
        {
            int depth = 0;
            decimal last = 0;
            foreach (JsonElement one in track)
            {
                depth += Text(one, "ph") == "B" ? 1 : -1;
                Assert.That(depth, Is.Not.Negative, "an end has a begin");
                Assert.That(Time(one), Is.AtLeast(last), "time does not go back");
                last = Time(one);
            }

            Assert.That(depth, Is.Zero, "each begin has an end");
        }
    }

    private void CheckSpans()
    {
        var open = new Dictionary<(string, string), Stack<string>>();
        var done = new HashSet<(string, string)>();
        var last = new Dictionary<(string, string), decimal>();
        foreach (JsonElement one in Events.Where(one => Text(one, "ph") is "b" or "e"))
        {
            (string, string) span = (Text(one, "cat"), Text(one, "id"));
            Assert.That(done, Does.Not.Contain(span), "a span that has ended does not begin again");
            Assert.That(Time(one), Is.AtLeast(last.GetValueOrDefault(span)));
            last[span] = Time(one);
            if (Text(one, "ph") == "b")
            {
                (open.TryGetValue(span, out Stack<string>? names) ? names : open[span] = new())
                    .Push(Text(one, "name"));
                continue;
            }

            Assert.That(open[span].Pop(), Is.EqualTo(Text(one, "name")), "inner spans end first");
            if (open[span].Count == 0)
            {
                open.Remove(span);
                done.Add(span);
            }
        }

        Assert.That(open, Is.Empty, "each span has an end");
    }

    private void CheckFlows()
    {
        Dictionary<string, JsonElement> begins = Of("s").ToDictionary(one => Text(one, "id"));
        foreach (JsonElement end in Of("f"))
        {
            Assert.That(
                begins.Remove(Text(end, "id"), out JsonElement begin), "an arrow has a begin");
            Assert.That(Text(begin, "name"), Is.EqualTo(Text(end, "name")));
            Assert.That(Text(end, "bp"), Is.EqualTo("e"), "it binds to the slice around it");
            Assert.That(Time(end), Is.AtLeast(Time(begin)));
        }

        // A task that is ready when the trace ends has no step.
        Assert.That(begins.Values.Select(one => Text(one, "name")), Has.All.EqualTo("wake"));
    }
}
