using System.Text;

namespace Reactor.Testing;

/// <summary>
/// One output of a <see cref="ChildProcess"/>, read as it comes, so that a full pipe never stops
/// the child. Any thread.
/// </summary>
internal sealed class ChildText
{
    private readonly StringBuilder _text = new();
    private int _read;
    private bool _hasEnded;

    public ChildText(StreamReader reader) => End = ReadAll(reader);

    /// <summary>Ends with the output.</summary>
    public Task End { get; }

    /// <summary>All of it so far.</summary>
    public override string ToString()
    {
        lock (_text)
        {
            return _text.ToString();
        }
    }

    /// <summary>The next line; null if there is none before the end or the limit.</summary>
    public string? ReadLine(TimeSpan limit)
    {
        long deadline = Environment.TickCount64 + (long)limit.TotalMilliseconds;
        lock (_text)
        {
            string rest;
            int length;
            while ((length = (rest = _text.ToString(_read, _text.Length - _read)).IndexOf('\n')) < 0
                && !_hasEnded)
            {
                long left = deadline - Environment.TickCount64;
                if (left <= 0 || !Monitor.Wait(_text, (int)left))
                {
                    return null;
                }
            }

            _read += length < 0 ? rest.Length : length + 1;
            return length >= 0 ? rest[..length] : rest.Length > 0 ? rest : null;
        }
    }

    /// <summary>The lines that were not read, after the end.</summary>
    public IEnumerable<string> ReadRest()
    {
        while (ReadLine(TimeSpan.Zero) is { } line)
        {
            yield return line;
        }
    }

    private async Task ReadAll(StreamReader reader)
    {
        char[] buffer = new char[4096];
        int count;
        do
        {
            count = await reader.ReadAsync(buffer).ConfigureAwait(false);
            lock (_text)
            {
                _text.Append(buffer, 0, count);
                _hasEnded = count == 0;
                Monitor.PulseAll(_text);
            }
        }
        while (count > 0);
    }
}
