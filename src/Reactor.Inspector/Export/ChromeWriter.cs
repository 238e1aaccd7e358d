using System.Text.Json;

namespace Reactor.Inspector;

/// <summary>
/// Writes the events of Chrome's trace format, one after another, with little memory whatever their
/// number. Times are nanoseconds since the origin of the file. One thread at a time.
/// </summary>
internal sealed class ChromeWriter : IDisposable
{
    private const int FlushBytes = 64 * 1024;

    private readonly Utf8JsonWriter _json;

    public ChromeWriter(Stream stream)
    {
        _json = new Utf8JsonWriter(stream, new JsonWriterOptions { SkipValidation = true });
        _json.WriteStartObject();
    }

    /// <summary>Writes a property of the file itself; only before the first event.</summary>
    public void Property(string name, IEnumerable<(string Name, string Value)> values)
    {
        _json.WriteStartObject(name);
        foreach ((string key, string value) in values)
        {
            _json.WriteString(key, value);
        }

        _json.WriteEndObject();
    }

    /// <summary>Begins the list of events.</summary>
    public void BeginEvents()
    {
        _json.WriteString("displayTimeUnit", "ns");
        _json.WriteStartArray("traceEvents");
    }

    /// <summary>Names a process or a thread.</summary>
    public void Name(string what, int process, long thread, string name)
    {
        Begin("M", what, "__metadata", process, thread, 0);
        Arguments([], name, "name");
        End();
    }

    /// <summary>Begins an event; the caller adds arguments and ends it.</summary>
    public void Begin(
        string phase, string name, string category, int process, long thread, long time)
    {
        _json.WriteStartObject();
        _json.WriteString("ph", phase);
        _json.WriteString("name", name);
        _json.WriteString("cat", category);
        _json.WriteNumber("pid", process);
        _json.WriteNumber("tid", thread);
        _json.WriteNumber("ts", time / 1000m);
    }

    /// <summary>Adds the length of a complete event.</summary>
    public void Duration(long nanoseconds) => _json.WriteNumber("dur", nanoseconds / 1000m);

    /// <summary>Adds the id that pairs the events of a span or of a flow.</summary>
    public void Id(long id) => _json.WriteString("id", $"0x{id:x}");

    /// <summary>Adds a property that is a word.</summary>
    public void Word(string name, string value) => _json.WriteString(name, value);

    /// <summary>Adds arguments: numbers, and a word if there is one.</summary>
    public void Arguments(
        ReadOnlySpan<(string Name, long Value)> numbers, string? word = null,
        string wordName = "place")
    {
        _json.WriteStartObject("args");
        foreach ((string name, long value) in numbers)
        {
            _json.WriteNumber(name, value);
        }

        if (word is not null)
        {
            _json.WriteString(wordName, word);
        }

        _json.WriteEndObject();
    }

    /// <summary>Writes a reading of a counter, which has a track of its name.</summary>
    public void Counter(
        string name, string category, int process, long thread, long time,
        ReadOnlySpan<(string Name, double Value)> values)
    {
        Begin("C", name, category, process, thread, time);
        _json.WriteStartObject("args");
        foreach ((string series, double value) in values)
        {
            _json.WriteNumber(series, value);
        }

        _json.WriteEndObject();
        End();
    }

    /// <summary>Writes one end of an arrow; it binds to the slice around it.</summary>
    public void Flow(bool isEnd, string name, int process, long thread, long time, long id)
    {
        Begin(isEnd ? "f" : "s", name, name, process, thread, time);
        Id(id);
        if (isEnd)
        {
            Word("bp", "e");
        }

        End();
    }

    /// <summary>Ends an event.</summary>
    public void End()
    {
        _json.WriteEndObject();
        if (_json.BytesPending >= FlushBytes)
        {
            _json.Flush();
        }
    }

    /// <summary>Ends the file.</summary>
    public void Dispose()
    {
        _json.WriteEndArray();
        _json.WriteEndObject();
        _json.Dispose();
    }
}
