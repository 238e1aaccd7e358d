// 20.4 A CR at the end of what has come is an error: the LF must have come with it.
// zh-CN: 已到达数据的末尾是 CR 就算错误：认为 LF 必须同时到达。
// TCP has no message boundaries. About one request in a thousand gets 400, and none of them can be
// reproduced with a browser.
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
            if (end < 0)
            {
                return received.Length > HeadCharsMax ? "rejected" : "need more";
            }
            if (received[end] == '\n' || !received.AsSpan(end + 1).StartsWith("\n"))
            {
                return "rejected";
            }
            string line = received[start..end];
            start = end + 2;
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
