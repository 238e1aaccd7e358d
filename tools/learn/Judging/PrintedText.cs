using System.Text;

namespace Reactor.Learn;

/// <summary>
/// Takes the place of the console while an answer runs: keeps the first characters, which help the
/// learner, and drops the rest. Any thread.
/// </summary>
internal sealed class PrintedText : TextWriter
{
    private const int CharsMax = 2000;

    private readonly StringBuilder _text = new();

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value)
    {
        lock (_text)
        {
            if (_text.Length < CharsMax)
            {
                _text.Append(value);
            }
        }
    }

    public override void Write(char[] buffer, int index, int count) =>
        Write(buffer.AsSpan(index, count));

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(ReadOnlySpan<char> buffer)
    {
        lock (_text)
        {
            _text.Append(buffer[..Math.Min(buffer.Length, CharsMax - _text.Length)]);
        }
    }

    /// <summary>The text since the last call; null if there is none.</summary>
    public string? Take()
    {
        lock (_text)
        {
            string? text = _text.Length == 0 ? null : _text.ToString();
            _text.Clear();
            return text;
        }
    }
}
