namespace Reactor.Bench;

/// <summary>The request heads that parsers are measured with.</summary>
internal static class RequestHeads
{
    /// <summary>A load generator's: 49 bytes, one field.</summary>
    public const string Wrk = "GET /plaintext HTTP/1.1\r\nHost: 127.0.0.1:9101\r\n\r\n";

    /// <summary>A browser's: 693 bytes, sixteen fields, a query and a cookie.</summary>
    public const string Browser =
        "GET /items/4711?view=full&lang=en HTTP/1.1\r\nHost: www.example.com\r\n"
        + "Connection: keep-alive\r\n"
        + "sec-ch-ua: \"Chromium\";v=\"130\", \"Not?A_Brand\";v=\"99\"\r\nsec-ch-ua-mobile: ?0\r\n"
        + "sec-ch-ua-platform: \"Linux\"\r\nUpgrade-Insecure-Requests: 1\r\n"
        + "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 "
        + "(KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36\r\n"
        + "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,"
        + "image/webp,*/*;q=0.8\r\n"
        + "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-User: ?1\r\n"
        + "Sec-Fetch-Dest: document\r\nReferer: https://www.example.com/items\r\n"
        + "Accept-Encoding: gzip, deflate, br\r\nAccept-Language: en-US,en;q=0.9\r\n"
        + "Cookie: session=0123456789abcdef; theme=dark\r\n\r\n";
}
