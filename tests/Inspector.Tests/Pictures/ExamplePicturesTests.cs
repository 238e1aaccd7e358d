// The hazard: a page whose pictures show an older program.

namespace Inspector.Tests.Pictures;

[TestFixture]
public sealed class ExamplePicturesTests
{
    [Test]
    public void The_pictures_of_the_page_are_those_of_its_run()
    {
        foreach ((string path, byte[] content) in ExamplePictures.All())
        {
            Assert.That(
                File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(content),
                $"{path} is out of date: dotnet run -c Release --project tests/Inspector.Tests -- "
                    + "pictures");
        }
    }
}
