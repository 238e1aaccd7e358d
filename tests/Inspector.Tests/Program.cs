// `dotnet run --project tests/Inspector.Tests -- pictures` writes the pictures of docs/pictures.md.
// The tests themselves are run by `dotnet test`.

using Inspector.Tests.Pictures;

namespace Inspector.Tests;

internal static class Program
{
    private static int Main(string[] args)
    {
        if (args is not ["pictures"])
        {
            Console.Error.WriteLine("usage: pictures");
            return 2;
        }

        foreach ((string path, byte[] content) in ExamplePictures.All())
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, content);
            Console.WriteLine(path);
        }

        return 0;
    }
}
