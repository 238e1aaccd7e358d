using System.Globalization;

namespace Reactor.Recording;

/// <summary>
/// The texts of a trace, each once, in a table that only grows. Events refer to them by number; 0
/// is the empty text. Bounded: further texts get the number of <c>(more names)</c>. Any thread.
/// </summary>
/// <remarks>
/// A line of source is found when it is first read, not when it is added: symbol files are read on
/// the thread of the reader, never on that of the loop.
/// </remarks>
public sealed class TraceNames
{
    /// <summary>
    /// The maximum number of texts: more come only from a program that makes up names.
    /// </summary>
    public const int NamesMax = 65_536;

    /// <summary>Longer texts are cut; a bound for the memory of a table.</summary>
    public const int LengthMax = 200;

    private const int MoreNames = 1;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _ids = [];
    private object[] _texts = new object[64]; // each a string or an UnreadPlace
    private int _count = FirstOwn;

    /// <summary>Makes a table with the empty text only.</summary>
    public TraceNames()
    {
        _texts[0] = "";
        _texts[MoreNames] = "(more names)";
        _ids.Add("", 0);
    }

    /// <summary>The number of the first text that a table does not begin with.</summary>
    internal const int FirstOwn = 2;

    /// <summary>The number of texts; lower numbers are valid.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The text of a number; empty if there is none.</summary>
    public string this[int id]
    {
        get
        {
            if ((uint)id >= (uint)Count)
            {
                return "";
            }

            object[] texts = Volatile.Read(ref _texts); // after the count: it is long enough
            if (texts[id] is UnreadPlace place)
            {
                texts[id] = place.Read(); // idempotent, if two threads do it
            }

            return (string)texts[id];
        }
    }

    /// <summary>The number of a text, which is added if it is new.</summary>
    public int Add(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length > LengthMax)
        {
            name = string.Concat(name.AsSpan(0, LengthMax - 1), "…");
        }

        lock (_lock)
        {
            if (!_ids.TryGetValue(name, out int id))
            {
                id = Append(name);
                if (id != MoreNames)
                {
                    _ids.Add(name, id);
                }
            }

            return id;
        }
    }

    /// <summary>The number of the line of an await, which the caller must keep.</summary>
    /// <param name="machine">The state machine of the coroutine.</param>
    /// <param name="state">The number of the await; negative: where the method begins.</param>
    internal int AddPlace(Type machine, int state)
    {
        lock (_lock)
        {
            return Append(new UnreadPlace(machine, state));
        }
    }

    /// <summary>
    /// Appends a text of a file, also one that is there: its number is its place in the file,
    /// which begins with <see cref="FirstOwn"/>.
    /// </summary>
    internal void Load(string text)
    {
        lock (_lock)
        {
            int id = Append(text);
            _ids.TryAdd(text, id);
        }
    }

    private int Append(object text)
    {
        if (_count == NamesMax)
        {
            return MoreNames;
        }

        if (_count == _texts.Length)
        {
            var longer = new object[_texts.Length * 2];
            _texts.CopyTo(longer, 0);
            Volatile.Write(ref _texts, longer);
        }

        _texts[_count] = text;
        Volatile.Write(ref _count, _count + 1);
        return _count - 1;
    }

    private sealed record UnreadPlace(Type Machine, int State)
    {
        public string Read() => SourcePlaces.Find(Machine, State) is { } at
            ? string.Create(
                CultureInfo.InvariantCulture, $"{Path.GetFileName(at.File)}:{at.Line}")
            : "";
    }
}
