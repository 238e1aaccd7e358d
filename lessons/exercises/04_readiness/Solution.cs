// The rest is the only state: the interest follows from it, so the two cannot disagree.
public sealed class Writer(Func<string, int> send)
{
    private string _rest = "";

    public bool IsWriteArmed => _rest.Length > 0;

    public void Write(string text)
    {
        bool isFirst = _rest.Length == 0;
        _rest += text;
        if (isFirst)
        {
            OnWritable();
        }
    }

    public void OnWritable() => _rest = _rest[send(_rest)..];
}
