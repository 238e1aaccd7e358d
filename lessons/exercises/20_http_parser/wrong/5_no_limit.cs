// 20.5 A head has no limit: it is awaited however long it becomes.
// zh-CN: 头没有上限：不论多长都继续等待。
// One client sends a line without end, and the server keeps it. 2 GB later the process ends, with
// all other connections.
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
            int end = received.IndexOfAny(['\r', '\n'], start);
            if (end < 0 || (end == received.Length - 1 && received[end] == '\r'))
            {
                return "need more";
            }
            if (received[end] == '\n' || received[end + 1] != '\n')
            {
                return "rejected";
            }
            string line = received[start..end];
            start = end + 2;
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
