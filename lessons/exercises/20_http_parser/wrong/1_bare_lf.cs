// 20.1 An LF alone ends a line.
// zh-CN: 单独的 LF 也结束一行。
// A proxy in front that ends lines only with CR LF sees one field where this server sees two:
// a client can hide a second request from it (request smuggling).
public static class HeadParser
{
    public const int HeadCharsMax = 100;

    public static string Parse(string received)
    {
        string? length = null;
        bool isChunked = false;
        int start = 0;
        while (true)
        {
            int end = received.IndexOf('\n', start);
            if (end < 0)
            {
                return received.Length > HeadCharsMax ? "rejected" : "need more";
            }
            string line = received[start..end].TrimEnd('\r');
            start = end + 1;
            if (start > HeadCharsMax)
            {
                return "rejected";
            }
            if (line.Length == 0)
            {
                return Judge(start, length, isChunked);
            }
            string[] field = line.Split(':', 2);
            if (IsName(field[0], "Content-Length"))
            {
                length = field[1].Trim();
            }
            if (IsName(field[0], "Transfer-Encoding"))
            {
                isChunked = true;
            }
        }
    }

    private static string Judge(int size, string? length, bool isChunked)
    {
        if (length is not null && isChunked)
        {
            return "rejected";
        }
        if (length is not null)
        {
            bool isNumber = length.Length > 0 && length.All(char.IsAsciiDigit);
            return isNumber ? $"done {size} length {length}" : "rejected";
        }
        return isChunked ? $"done {size} chunked" : $"done {size} none";
    }

    private static bool IsName(string name, string expected) =>
        name.Equals(expected, StringComparison.OrdinalIgnoreCase);
}
